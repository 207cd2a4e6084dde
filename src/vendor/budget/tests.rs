//! Whatever is asked, no 60 seconds hold more requests than there are slots.
