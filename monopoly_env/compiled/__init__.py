"""What makes Python fast here: the compiler switch and its cache, memory intrinsics, random numbers."""
