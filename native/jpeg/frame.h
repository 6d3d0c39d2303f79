#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "bits.h"

namespace jpeg {

// A colour component of a picture.
struct Component {
  uint32_t id;
  // Blocks across and down of one unit of an interleaved scan.
  uint32_t across, down;
  uint32_t quantTable;
  // Blocks across and down of the component, as a scan of its own has them.
  uint32_t columns, rows;
};

struct Frame {
  bool progressive;
  size_t units;  // of interleaved scans
  std::vector<Component> components;
};

struct ScanComponent {
  size_t place;  // in the frame
  uint32_t dcTable, acTable;
};

// Components with their tables, the band of coefficients, and from which bit to which.
struct ScanHeader {
  std::vector<ScanComponent> components;
  uint32_t first, last, high, low;
};

// The frames that are Huffman coded and that libjpeg decodes.
bool isFrame(uint32_t marker);

// Nothing where the segment makes no sense: whoever decodes it says why.
std::optional<Frame> readFrame(uint32_t marker, Bytes segment);
std::optional<ScanHeader> readScanHeader(const Frame& frame, Bytes segment);

}  // namespace jpeg
