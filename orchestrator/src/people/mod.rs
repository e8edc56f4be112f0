//! What tells that two handles may be one person's, as far as it can be told from texts alone.
//!
//! All of it is evidence and no proof: it is shown with its reason, and only the person joins anybody. What the store
//! knows beside it, and how both come together, is [`crate::store::likeness`].
//!
//! | room | what |
//! |---|---|
//! | [`name`] | when two names are one |
//! | [`phone`] | telephone numbers in a line, and when two are one |
//! | [`signed`] | the handles a signature names |
//! | [`freemail`] | domains that are no company |

pub(crate) mod freemail;
pub(crate) mod name;
pub(crate) mod phone;
pub(crate) mod signed;
