#!/usr/bin/env bash
# Draws docs/terminal.png: what `tonescore examples` prints on a terminal. Needs aha, chromium and ImageMagick.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
command="npx tonescore examples"
script -qec "stty cols 100 2>/dev/null; node dist/cli/main.js examples" /dev/null </dev/null >"$work/raw" 2>/dev/null
# What a finished progress line leaves behind is erased on a terminal, and so here.
sed -e 's/\r$//' -e 's/.*\r//' -e 's/\x1b\[[0-9]*K//g' -e '/^$/d' "$work/raw" >"$work/ansi"
{
  echo '<html><body style="margin:0;background:#1e1e2e"><pre style="margin:0;padding:18px 22px;display:inline-block;'
  echo 'color:#e4e4ef;background:#1e1e2e;font:15px/1.45 DejaVu Sans Mono,monospace">'
  echo "<span style=\"color:#8a8aa0\">\$</span> $command"
  aha --no-header --black <"$work/ansi" | sed -e 's/color:lime/color:#7fc97f/g' -e 's/color:yellow/color:#f3c95b/g' -e 's/color:red/color:#e5736f/g'
  echo '</pre></body></html>'
} >"$work/page.html"
chromium --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --hide-scrollbars \
  --force-device-scale-factor=2 --window-size=1100,600 --user-data-dir="$work/profile" \
  --screenshot="$work/shot.png" "file://$work/page.html" >/dev/null 2>&1
convert "$work/shot.png" -trim +repage -bordercolor '#1e1e2e' -border 30 docs/terminal.png
