// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

// Words written name=value.
class Flags {
 public:
  explicit Flags(const std::vector<std::string>& words) {
    for (const std::string& word : words) {
      size_t at = word.find('=');
      values_[word.substr(0, at)] = at == std::string::npos ? "" : word.substr(at + 1);
    }
  }

  bool Has(const std::string& name) const { return values_.count(name) > 0; }
  int Number(const std::string& name, int otherwise) const { return Has(name) ? std::stoi(values_.at(name)) : otherwise; }
  double Fraction(const std::string& name, double otherwise) const { return Has(name) ? std::stod(values_.at(name)) : otherwise; }

 private:
  std::map<std::string, std::string> values_;
};

// What is measured must have been answered: anything else ends the process.
[[noreturn]] inline void Fail(const std::string& reason) {
  std::cerr << "cpp-bench: " << reason << std::endl;
  std::_Exit(1);
}

inline void Expect(size_t expected, size_t found) {
  if (expected != found) Fail("expected " + std::to_string(expected) + ", got " + std::to_string(found));
}

inline std::vector<std::string> Words(const std::string& line) {
  std::istringstream input(line);
  std::vector<std::string> words;
  for (std::string word; input >> word;) words.push_back(word);
  return words;
}

constexpr int kLargeMessage = 64 << 20;

void Serve(const std::string& port, const Flags& flags);
void Ask(const Flags& flags);
std::string Usage();
