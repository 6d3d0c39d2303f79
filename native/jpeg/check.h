#pragma once

#include <string>

#include "bits.h"

namespace jpeg {

// Walks through a JPEG's markers and entropy-coded data as a decoder does, but for the arithmetic of
// pictures. libjpeg hides much of what this finds: it fills what is missing with grey and lets go what is
// left over. "whole", "unknown" where the picture is coded in a way that is not followed here, or what is
// damaged.
std::string check(Bytes file);

}  // namespace jpeg
