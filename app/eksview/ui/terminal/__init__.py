"""The terminal itself: driver, flow control, frame rate, external commands."""
