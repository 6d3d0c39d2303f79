#include "check.h"

#include <algorithm>
#include <optional>

#include "scan.h"

namespace jpeg {

namespace {

constexpr uint32_t kEoi = 0xd9, kSos = 0xda, kDht = 0xc4, kDqt = 0xdb, kDri = 0xdd;

// No writer makes so many, and each costs a walk over all blocks.
constexpr size_t kMostScans = 200;
// Nor so many tables, each of which takes as long as some hundred blocks.
constexpr size_t kMostTables = 1000;

bool isBare(uint32_t marker) {
  return marker <= 1 || (marker >= 0xd0 && marker <= 0xd8);
}

// Other frames: lossless, hierarchical or arithmetic.
bool isOtherFrame(uint32_t marker) {
  return marker >= 0xc3 && marker <= 0xcf && marker != 0xc8 && marker != 0xcc;
}

// How many there were.
size_t readHuffmanTables(Bytes segment, Tables& tables) {
  size_t read = 0;
  for (size_t at = 0; at + 17 <= segment.size;) {
    const uint32_t target = segment[at];
    const Bytes counts = segment.from(at + 1).first(16);
    size_t total = 0;
    for (size_t i = 0; i < counts.size; i++) total += counts[i];
    const bool forDc = target >> 4 == 0;
    const Codes codes(counts, segment.from(at + 17).first(total), forDc);
    (forDc ? tables.dc : tables.ac).insert_or_assign(target & 15, codes);
    at += 17 + total;
    read++;
  }
  return read;
}

void readQuantTables(Bytes segment, Tables& tables) {
  for (size_t at = 0; at < segment.size;) {
    const uint32_t target = segment[at];
    const bool wide = target >> 4 > 0;
    const Bytes values = segment.from(at + 1);
    std::array<uint32_t, 64>& divisors = tables.quant[target & 15];
    for (size_t k = 0; k < 64; k++) divisors[k] = std::max<uint32_t>(1, wide ? values.two(2 * k) : values[k]);
    at += wide ? 129 : 65;
  }
}

// How far each coefficient of each component has come: the lowest bit that is known, 16 where none is.
class Progress {
 public:
  explicit Progress(size_t components) : low_(components) {
    for (auto& lows : low_) lows.fill(16);
  }

  void add(const ScanHeader& scan) {
    for (const ScanComponent& component : scan.components) {
      for (uint32_t k = scan.first; k <= scan.last; k++) low_[component.place][k] = scan.low;
    }
  }

  bool complete() const {
    return std::all_of(low_.begin(), low_.end(), [](const auto& lows) {
      return std::all_of(lows.begin(), lows.end(), [](uint32_t low) { return low == 0; });
    });
  }

 private:
  std::vector<std::array<uint32_t, 64>> low_;
};

class Checker {
 public:
  explicit Checker(Bytes file) : file_(file) {}

  std::string verdict() {
    try {
      for (size_t at = 2; at < file_.size;) {
        const std::optional<size_t> next = passMarker(at);
        if (!next) return "unknown";
        at = *next;
      }
    } catch (const Damage& damage) {
      return "scan " + std::to_string(scans_) + " " + damage.what;
    }
    if (scans_ == 0) return "unknown";
    return progress_->complete() ? "whole" : "scans are missing";
  }

 private:
  // Passes the next marker and what belongs to it; nothing where that is not followed here.
  std::optional<size_t> passMarker(size_t at) {
    while (at < file_.size && file_[at] != 0xff) at++;
    while (at < file_.size && file_[at] == 0xff) at++;
    if (at >= file_.size) return file_.size;
    const uint32_t marker = file_[at++];
    if (marker == kEoi) return file_.size;
    if (isBare(marker)) return at;
    const size_t length = file_.two(at);
    if (length < 2) return {};
    const Bytes segment = file_.from(at + 2).first(length - 2);
    return passSegment(marker, segment, at + length);
  }

  std::optional<size_t> passSegment(uint32_t marker, Bytes segment, size_t after) {
    if (marker == kSos) return passScanAt(segment, after);
    if (isOtherFrame(marker) && marker != kDht) return {};
    if (marker == kDht) tablesRead_ += readHuffmanTables(segment, tables_);
    if (tablesRead_ > kMostTables) return {};
    if (marker == kDqt) readQuantTables(segment, tables_);
    if (marker == kDri) tables_.restartInterval = segment.two(0);
    if (isFrame(marker)) {
      frame_ = readFrame(marker, segment);
      if (!frame_) return {};
      progress_.emplace(frame_->components.size());
      nonZero_.assign(frame_->components.size(), {});
    }
    return after;
  }

  std::optional<size_t> passScanAt(Bytes segment, size_t after) {
    const auto scan = frame_ ? readScanHeader(*frame_, segment) : std::nullopt;
    if (!scan || ++scans_ > kMostScans) return {};
    const Entropy entropy = unstuff(file_, after);
    if (!passScan(*frame_, *scan, tables_, entropy, nonZero_)) return {};
    progress_->add(*scan);
    return entropy.next;
  }

  const Bytes file_;
  Tables tables_;
  std::optional<Frame> frame_;
  std::optional<Progress> progress_;
  std::vector<NonZero> nonZero_;
  size_t scans_ = 0, tablesRead_ = 0;
};

}  // namespace

std::string check(Bytes file) {
  return Checker(file).verdict();
}

}  // namespace jpeg
