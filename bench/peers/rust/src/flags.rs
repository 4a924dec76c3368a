// SPDX-License-Identifier: Apache-2.0
use std::collections::HashMap;

/// Words written name=value.
pub struct Flags(HashMap<String, String>);

impl Flags {
    pub fn parse<T: AsRef<str>>(words: &[T]) -> Flags {
        Flags(
            words
                .iter()
                .map(|word| word.as_ref().split_once('=').unwrap_or((word.as_ref(), "")))
                .map(|(name, value)| (name.to_string(), value.to_string()))
                .collect(),
        )
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub fn number(&self, name: &str, otherwise: usize) -> usize {
        self.0.get(name).map_or(otherwise, |text| text.parse().expect(name))
    }

    pub fn fraction(&self, name: &str, otherwise: f64) -> f64 {
        self.0.get(name).map_or(otherwise, |text| text.parse().expect(name))
    }
}
