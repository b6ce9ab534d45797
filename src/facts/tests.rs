//! What AWS means, told as stories with the answer worked out by hand, and laws that hold of any inventory.

mod buckets;
mod gaps;
mod monotone;
mod oracle;
mod organization;
mod recorded;
mod trails;
mod world;
