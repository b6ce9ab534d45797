//! A text file with lines and columns.
