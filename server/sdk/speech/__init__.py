"""Speech made on this machine, for programs with a loudspeaker: engines, WAV, a folder of what was said."""
