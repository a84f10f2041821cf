"""What happened in a breach: whose data, which of them, since when; the register, and what the law wants written."""
