//! From a draft to a submission: every rule a form must keep before it can be sent, in words that say what to do.
