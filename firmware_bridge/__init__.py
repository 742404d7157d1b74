"""The bridge: the only owner of serial ports to pads and desk signs."""
