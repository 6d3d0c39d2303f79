#pragma once

#include <cstdint>
#include <string>

// What an mmproj says of the encoder of pictures in it; 0 where it says nothing.
struct EncoderFacts {
  std::string projector;  // libmtmd's name of its type: short, and printable
  int64_t imageSize;      // pixels a side
  int64_t patchSize;      // pixels a side
  int64_t merged;         // patches a side that become one token
  bool classEmbedding;    // before the patches, as CLIP has
  bool tiles;             // a large picture is cut into tiles of listed grids
};

// Throws NativeError: ERR_MODEL_NOT_FOUND, ERR_MODEL_INVALID.
EncoderFacts encoderFacts(const std::string& mmproj);
