//! However the work is shared out, the facts are the same.

use proptest::prelude::*;

use super::monotone::{bits, torn, world};
use crate::facts::{Critical, Facts};

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn facts_do_not_depend_on_how_many_threads_derive_them(world in world(), bits in bits(0.15)) {
        let inventory = torn(&world, &bits).0;
        let facts = |parts| format!("{:#?}", Facts::derive_in(parts, &inventory, super::world::AS_OF.parse().unwrap(), &Critical::default()));
        let alone = facts(1);
        for parts in [2, 3, 7] {
            prop_assert_eq!(&facts(parts), &alone, "{} parts", parts);
        }
    }
}
