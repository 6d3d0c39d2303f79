#!/usr/bin/env bash
# Draws docs/report-*.webp from three pages. Needs chromium and ImageMagick.
#   tonescore examples --report scores.html
#   tonescore examples/clip.mp4 --report video.html
#   tonescore compare png jpeg-10 jpeg-25 … --report ladder.html
#   docs/reports.sh scores.html video.html ladder.html
set -euo pipefail
scores=$(realpath "$1") video=$(realpath "$2") ladder=$(realpath "$3")
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# shoot PAGE NAME WIDTH HEIGHT SCHEME: the page from its top; SCHEME is 0 for dark, 1 for light.
shoot() {
  # Headless windows have a least width; a frame has none.
  echo "<body style='margin:0'><iframe src='file://$1' style='border:0;width:$3px;height:$4px'></iframe>" >"$work/frame.html"
  chromium --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking \
    --disable-component-update --disable-sync --hide-scrollbars --blink-settings=preferredColorScheme="$5" \
    --force-device-scale-factor=1.5 --window-size="$(($3 > 500 ? $3 : 500)),$4" --user-data-dir="$work/profile" \
    --screenshot="$work/shot.png" "file://$work/frame.html" >/dev/null 2>&1
  convert "$work/shot.png" -crop "$(($3 * 3 / 2))x$(($4 * 3 / 2))+0+0" +repage -quality 82 "report-$2.webp"
}

shoot "$scores" scores 1100 885 1
shoot "$video" video 1100 1180 0
shoot "$scores" phone 390 860 1
shoot "$ladder" compare 1100 1690 1
