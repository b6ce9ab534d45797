//! Earlier results, so that what could not be reached this time is not taken for mended.
