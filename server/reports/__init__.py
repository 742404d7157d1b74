"""Reports: plain rows from sums to what people read and publish."""
