//! Address blocks in conditions on `aws:SourceIp`.

use std::net::IpAddr;

use super::glob::Pattern;
use super::truth::Truth;

/// An address block holds an address, or some of many addresses.
pub(super) fn holds(block: &str, value: &Pattern) -> Truth {
    let Some((network, length)) = parse(block) else { return Truth::UNCLEAR };
    let Some(text) = value.text() else {
        return if length == 0 { Truth::UNCLEAR } else { Truth::SOMETIMES };
    };
    match text.parse::<IpAddr>() {
        Ok(address) if address.is_ipv4() == network.is_ipv4() => {
            Truth::from(start(address, length) == start(network, length))
        }
        Ok(_) => Truth::NEVER,
        Err(_) => Truth::UNCLEAR,
    }
}

/// Narrow enough that S3 does not call it public: at least /8, or /32 of IPv6.
///
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status>
pub(super) fn is_narrow(block: &str) -> bool {
    parse(block).is_some_and(|(network, length)| length >= if network.is_ipv4() { 8 } else { 32 })
}

fn parse(block: &str) -> Option<(IpAddr, u32)> {
    let (address, length) = block.split_once('/').map_or((block, None), |(a, length)| (a, Some(length)));
    let address: IpAddr = address.parse().ok()?;
    let longest = if address.is_ipv4() { 32 } else { 128 };
    let length = length.map_or(Some(longest), |length| length.parse().ok())?;
    (length <= longest).then_some((address, length))
}

fn start(address: IpAddr, length: u32) -> u128 {
    let (bits, width) = match address {
        IpAddr::V4(address) => (u128::from(address.to_bits()), 32),
        IpAddr::V6(address) => (address.to_bits(), 128),
    };
    bits.checked_shr(width - length).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{Pattern, Truth, holds, is_narrow};

    #[test]
    fn a_block_holds_its_own_addresses_only() {
        let at = |text: &str| holds("203.0.113.0/24", &Pattern::literal(text));
        assert_eq!(at("203.0.113.77"), Truth::ALWAYS);
        assert_eq!(at("203.0.114.1"), Truth::NEVER);
        assert_eq!(at("2001:db8::1"), Truth::NEVER);
        assert_eq!(at("not an address"), Truth::UNCLEAR);
    }

    #[test]
    fn a_block_of_half_the_internet_is_not_narrow() {
        assert!(!is_narrow("0.0.0.0/1"));
        assert!(is_narrow("10.0.0.0/8"));
        assert!(is_narrow("203.0.113.7"));
        assert!(!is_narrow("2001::/16"));
        assert!(!is_narrow("203.0.113.0/99"));
    }
}
