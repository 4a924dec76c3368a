// SPDX-License-Identifier: Apache-2.0

/// Generates messages and services from the files in the folder PROTOS.
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let protos = std::env::var("PROTOS")?;
    println!("cargo:rerun-if-env-changed=PROTOS");
    tonic_build::configure().compile_protos(&[format!("{protos}/echo.proto"), format!("{protos}/hello.proto")], &[protos])?;
    Ok(())
}
