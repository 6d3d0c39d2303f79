#include "scan.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace jpeg {

namespace {

// What 8 bits for each sample can make of a coefficient, but for its rounding to a multiple of its divisor.
constexpr int64_t kLargest = 1024;

struct Block {
  const Codes* dc;
  const Codes* ac;
  size_t of;  // which component's DC coefficients it continues
  Most most;
  int64_t divisor;
};

Most largestSizes(const std::array<uint32_t, 64>& divisors, uint32_t low) {
  Most most;
  most.fill(16);
  for (size_t k = 0; k < divisors.size(); k++) {
    const double steps = static_cast<double>(kLargest) / static_cast<double>(uint64_t{divisors[k]} << low);
    most[k + 1] = static_cast<uint8_t>(std::floor(std::log2(steps + 1)) + 1);
  }
  return most;
}

template <typename Value>
const Value* in(const std::map<uint32_t, Value>& table, uint32_t key) {
  const auto found = table.find(key);
  return found == table.end() ? nullptr : &found->second;
}

// Those of a unit; none where a table is missing.
std::vector<Block> blocksOf(const Frame& frame, const ScanHeader& scan, const Tables& tables) {
  const bool single = scan.components.size() == 1;
  const bool needsDc = scan.first == 0 && scan.high == 0, needsAc = scan.last > 0;
  std::vector<Block> blocks;
  for (size_t of = 0; of < scan.components.size(); of++) {
    const auto& [place, dcTable, acTable] = scan.components[of];
    const Component& component = frame.components[place];
    const auto* const divisors = in(tables.quant, component.quantTable);
    const Codes* const dc = needsDc ? in(tables.dc, dcTable) : nullptr;
    const Codes* const ac = needsAc ? in(tables.ac, acTable) : nullptr;
    if (!divisors || (needsDc && !dc) || (needsAc && !ac)) return {};
    const int64_t divisor = int64_t{(*divisors)[0]} << scan.low;
    const size_t count = single ? 1 : size_t{component.across} * component.down;
    blocks.insert(blocks.end(), count, {dc, ac, of, largestSizes(*divisors, scan.low), divisor});
  }
  return blocks;
}

// Passes DC coefficients, and all others of the same block where the picture is not progressive.
void passSequential(Bits& bits, size_t units, const std::vector<Block>& blocks, bool withAc) {
  int64_t sums[4] = {};
  for (size_t unit = 0; unit < units; unit++) {
    for (const Block& block : blocks) {
      int64_t& sum = sums[block.of];
      sum += readDifference(bits, *block.dc);
      if (std::abs(sum * block.divisor) > kLargest + block.divisor)
        throw Damage{"holds a value that no picture has"};
      if (withAc) passCoefficients(bits, *block.ac, block.most);
    }
    bits.checkNotBeyond();
  }
}

void passBand(Bits& bits, size_t from, size_t units, const ScanHeader& scan, const Block& block,
              NonZero& nonZero) {
  Band band(bits, *block.ac, nonZero, scan.first, scan.last, block.most);
  for (size_t unit = from; unit < from + units; unit++) {
    if (scan.high == 0)
      band.passFirst(unit);
    else
      band.passRefinement(unit);
    bits.checkNotBeyond();
  }
  if (band.run() > 0) throw Damage{"speaks of blocks that are not there"};
}

}  // namespace

bool passScan(const Frame& frame, const ScanHeader& scan, const Tables& tables, const Entropy& entropy,
              std::vector<NonZero>& nonZero) {
  const std::vector<Block> blocks = blocksOf(frame, scan, tables);
  if (blocks.empty()) return false;
  const size_t place = scan.components[0].place;
  const Component& only = frame.components[place];
  const size_t alone = size_t{only.columns} * only.rows;
  const size_t units = scan.components.size() == 1 ? alone : frame.units;
  const size_t interval = tables.restartInterval > 0 ? tables.restartInterval : units;
  const size_t parts = (units + interval - 1) / interval;
  const auto& segments = entropy.segments;
  if (segments.size() < parts)
    throw Damage{"has " + std::to_string(segments.size()) + " parts of " + std::to_string(parts)};
  if (scan.first > 0) nonZero[place].resize(alone);
  for (size_t i = 0; i < segments.size(); i++) {
    const auto [start, end] = segments[i];
    if (i >= parts) {
      if (start < end || i > parts) throw Damage{"has more parts than its picture"};
      break;
    }
    if (i > 0 && entropy.restarts[i - 1] != (i - 1) % 8) throw Damage{"has its parts in disorder"};
    Bits bits({entropy.bytes.data(), entropy.bytes.size()}, start, end);
    const size_t count = std::min(interval, units - i * interval);
    if (scan.first > 0)
      passBand(bits, i * interval, count, scan, blocks[0], nonZero[place]);
    else if (scan.high > 0)
      bits.skip(count * blocks.size());
    else
      passSequential(bits, count, blocks, !frame.progressive);
    bits.checkAtEnd();
  }
  return true;
}

}  // namespace jpeg
