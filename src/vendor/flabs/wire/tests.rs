//! Lists in every shape they may come in, and the words for those they may not.
