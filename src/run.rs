//! One function per subcommand, each a sentence of pipeline calls.
