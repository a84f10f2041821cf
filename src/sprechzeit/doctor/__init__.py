"""Look at this deployment from inside. Answers: ok, wrong, not checked; what was not seen never counts as fine."""
