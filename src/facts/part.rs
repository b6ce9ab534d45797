//! What a record is made of, seen from outside: the one way from a record struct to anything that walks over it.

use std::sync::Arc;

use serde_json::Value;

use super::{Fact, Listing};
use crate::inventory::{Gap, Origin};

/// A value that can stand in a record.
pub trait Part {
    /// What it is, by reference.
    fn view(&self) -> View<'_>;
}

/// What a part of a record is.
pub enum View<'a> {
    /// A bool, a whole number or a text.
    Plain(Value),
    /// A concluded value and the observations it rests on.
    Known(&'a dyn Part, &'a Arc<[Origin]>),
    /// Not concluded for want of these.
    Unknown(&'a [Gap]),
    /// Elements, none missing.
    List(Vec<&'a dyn Part>),
    /// Elements of which some may be missing.
    Listing {
        /// The elements found.
        rows: Vec<&'a dyn Part>,
        /// Why there may be others.
        missing: &'a [Gap],
        /// What is known of any other.
        phantom: Option<&'a dyn Part>,
    },
    /// Named fields.
    Record(Vec<(&'static str, &'a dyn Part)>),
    /// Fields that belong to the record around it.
    Inline(Vec<(&'static str, &'a dyn Part)>),
    /// No fact at all: left out of the record.
    Nothing,
}

/// Declares a struct whose fields are the fields of a record, or, with `inline;`, of the record around it.
macro_rules! record {
    (inline; $($struct:tt)+) => { $crate::facts::part::record! { @Inline $($struct)+ } };
    (
        @$view:ident
        $(#[$meta:meta])*
        pub struct $name:ident { $($(#[$field_meta:meta])* pub $field:ident: $type:ty,)+ }
    ) => {
        $(#[$meta])*
        pub struct $name { $($(#[$field_meta])* pub $field: $type,)+ }

        impl $crate::facts::Part for $name {
            fn view(&self) -> $crate::facts::View<'_> {
                $crate::facts::View::$view(vec![
                    $((stringify!($field), &self.$field as &dyn $crate::facts::Part)),+
                ])
            }
        }
    };
    ($($struct:tt)+) => { $crate::facts::part::record! { @Record $($struct)+ } };
}
pub(super) use record;

impl Part for bool {
    fn view(&self) -> View<'_> {
        View::Plain((*self).into())
    }
}

impl Part for i64 {
    fn view(&self) -> View<'_> {
        View::Plain((*self).into())
    }
}

impl Part for String {
    fn view(&self) -> View<'_> {
        View::Plain(self.as_str().into())
    }
}

impl<T: Part> Part for Arc<T> {
    fn view(&self) -> View<'_> {
        self.as_ref().view()
    }
}

impl Part for Arc<[String]> {
    fn view(&self) -> View<'_> {
        View::List(parts(self))
    }
}

impl Part for Origin {
    fn view(&self) -> View<'_> {
        View::Nothing
    }
}

impl<T: Part> Part for Vec<T> {
    fn view(&self) -> View<'_> {
        View::List(parts(self))
    }
}

impl<T: Part> Part for Fact<T> {
    fn view(&self) -> View<'_> {
        match self {
            Self::Known { value, origins } => View::Known(value, origins),
            Self::Unknown(gaps) => View::Unknown(gaps),
        }
    }
}

impl<R: Part> Part for Listing<R> {
    fn view(&self) -> View<'_> {
        let phantom = self.phantom.as_ref().map(|phantom| phantom as &dyn Part);
        View::Listing { rows: parts(&self.rows), missing: &self.missing, phantom }
    }
}

fn parts<T: Part>(items: &[T]) -> Vec<&dyn Part> {
    items.iter().map(|item| item as &dyn Part).collect()
}
