"""What people do: one function per act, the only code that writes."""
