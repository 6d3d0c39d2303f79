#!/usr/bin/env bash
# Draws docs/report-*.webp: the pages that `tonescore --report` and `tonescore compare --report` make, of the examples
# and of an encode ladder of a folder of PNGs. Needs chromium and ImageMagick.
#   docs/reports.sh FOLDER
set -euo pipefail
originals=$(realpath "$1")
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# shoot PAGE NAME WIDTH HEIGHT SCHEME(0 dark, 1 light): a part of the page, from its top
shoot() {
  # Headless windows have a least width; a frame has none.
  echo "<body style='margin:0'><iframe src='file://$1' style='border:0;width:$3px;height:$4px'></iframe>" >"$work/frame.html"
  chromium --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking \
    --disable-component-update --disable-sync --hide-scrollbars --blink-settings=preferredColorScheme="$5" \
    --force-device-scale-factor=1.5 --window-size="$(($3 > 500 ? $3 : 500)),$4" --user-data-dir="$work/profile" \
    --screenshot="$work/shot.png" "file://$work/frame.html" >/dev/null 2>&1
  convert "$work/shot.png" -crop "$(($3 * 3 / 2))x$(($4 * 3 / 2))+0+0" +repage -quality 82 "docs/report-$2.webp"
}

node dist/cli/main.js examples -q --report "$work/examples.html" -o "$work/examples.ndjson"
node dist/cli/main.js examples/clip.mp4 -q --report "$work/clip.html" -o "$work/clip.ndjson"
shoot "$work/examples.html" scores 1100 760 1
shoot "$work/clip.html" video 1100 1000 0
shoot "$work/examples.html" phone 390 860 1

mkdir "$work/ladder"
ln -s "$originals" "$work/ladder/png"
for step in jpeg-10 jpeg-25 jpeg-50 jpeg-80 webp-10 webp-30 webp-60 webp-85; do
  mkdir "$work/ladder/$step"
  for picture in "$originals"/*.png; do
    name=$(basename "$picture" .png)
    convert "$picture" -quality "${step#*-}" "$work/ladder/$step/$name.${step%-*}"
  done
done
node dist/cli/main.js compare "$work"/ladder/{png,jpeg-10,jpeg-25,jpeg-50,jpeg-80,webp-10,webp-30,webp-60,webp-85} \
  --report "$work/ladder.html"
shoot "$work/ladder.html" compare 1100 1750 1
