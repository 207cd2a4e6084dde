//! What leaves this desk, what comes back, and what it is called when neither happens.
