//! Mail as HTML: from whatever a stranger sent to something that can be shown.
//!
//! The order is the protection. The source is parsed once into a tree ([`dom`]); quotations are
//! folded on that tree ([`quote`]); it is written through an allow-list, styles token by token,
//! images as `data:` or placeholders ([`sanitise`], [`allow`], [`css`], [`images`]); ammonia reads
//! the result and has the last word. What it returns is put into a frame ([`document`]) as it is:
//! nothing parses or edits a text that was already judged safe, for that is how sanitised mail
//! became dangerous again elsewhere.
//!
//! The sanitiser is one of three: the frame has no scripts and a policy that loads nothing, and
//! the window that shows it has no way to the network.

mod allow;
mod css;
mod dom;
mod frame;
pub mod hosts;
mod images;
mod links;
mod plain;
mod preview;
mod quote;
mod sanitise;
mod send;
mod text;

pub use frame::{Contrast, FrameWords, Theme, document};
pub use links::{LinkVerdict, inspect};
pub use plain::{TextBlock, TextKind, plain};
pub use preview::Preview;
pub use sanitise::{RenderOptions, Rendered, render};
pub use send::{Sendable, sendable, text_as_html};
pub use text::text;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
mod attacks;
