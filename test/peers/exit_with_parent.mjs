// Loaded into every peer. Ends it when its standard input ends, which is when the test ends that started it, or is
// killed.
process.stdin.on('end', () => process.exit()).resume().unref();
