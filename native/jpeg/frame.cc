#include "frame.h"

#include <algorithm>

namespace jpeg {

namespace {

constexpr uint32_t kBaseline = 0xc0, kExtended = 0xc1, kProgressive = 0xc2;

size_t roundedUp(size_t value, size_t unit) {
  return (value + unit - 1) / unit;
}

}  // namespace

bool isFrame(uint32_t marker) {
  return marker == kBaseline || marker == kExtended || marker == kProgressive;
}

std::optional<Frame> readFrame(uint32_t marker, Bytes segment) {
  const size_t count = segment[5], height = segment.two(1), width = segment.two(3);
  if (segment[0] != 8 || count < 1 || count > 4 || segment.size < 6 + 3 * count) return {};
  if (width == 0 || height == 0) return {};
  Frame frame{marker == kProgressive, 0, {}};
  size_t across = 0, down = 0;
  for (size_t i = 0; i < count; i++) {
    const Bytes entry = segment.from(6 + 3 * i);
    const Component component{entry[0], entry[1] >> 4, entry[1] & 15, entry[2], 0, 0};
    if (component.across < 1 || component.down < 1) return {};
    across = std::max<size_t>(across, component.across);
    down = std::max<size_t>(down, component.down);
    frame.components.push_back(component);
  }
  frame.units = roundedUp(width, 8 * across) * roundedUp(height, 8 * down);
  for (Component& component : frame.components) {
    component.columns = static_cast<uint32_t>(roundedUp(width * component.across, 8 * across));
    component.rows = static_cast<uint32_t>(roundedUp(height * component.down, 8 * down));
  }
  return frame;
}

std::optional<ScanHeader> readScanHeader(const Frame& frame, Bytes segment) {
  const size_t count = segment[0];
  if (count < 1 || count > 4 || segment.size < 4 + 2 * count) return {};
  ScanHeader scan{{}, 0, 63, 0, 0};
  for (size_t i = 0; i < count; i++) {
    const uint32_t id = segment[1 + 2 * i], tables = segment[2 + 2 * i];
    const auto found = std::find_if(frame.components.begin(), frame.components.end(),
                                    [id](const Component& component) { return component.id == id; });
    if (found == frame.components.end()) return {};
    scan.components.push_back(
        {static_cast<size_t>(found - frame.components.begin()), tables >> 4, tables & 15});
  }
  if (!frame.progressive) return scan;
  const Bytes band = segment.from(1 + 2 * count);
  scan = {scan.components, band[0], band[1], band[2] >> 4, band[2] & 15};
  if (scan.last > 63 || scan.first > scan.last || (scan.first == 0) != (scan.last == 0)) return {};
  if (scan.first > 0 && count > 1) return {};
  return scan;
}

}  // namespace jpeg
