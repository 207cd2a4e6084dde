//! What must not be guessed: tokens, the control key, and the vendor's numbers.

use anyhow::anyhow;

/// So many bytes of the system's randomness, in hexadecimal digits.
pub fn hex(bytes: usize) -> anyhow::Result<String> {
    let mut random = vec![0; bytes];
    rustls::crypto::ring::default_provider()
        .secure_random
        .fill(&mut random)
        .map_err(|_| anyhow!("the system gives no random numbers"))?;
    Ok(random
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(u32::from(digit), 16))
        .collect())
}
