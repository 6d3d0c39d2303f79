#!/usr/bin/env bash
# Makes the example pictures and the clip from two photographs of the CID22 validation set:
#   examples/make.sh FOLDER    (the folder holds 162520.png and 70497.png)
set -euo pipefail
source=$1
cd "$(dirname "$0")"
quality=(-quality 92 -sampling-factor 4:4:4 -strip)
convert "$source/162520.png" "${quality[@]}" rider.jpg
convert "$source/70497.png" "${quality[@]}" burger.jpg
convert "$source/162520.png" -gaussian-blur 0x2.5 "${quality[@]}" rider-blurred.jpg
convert "$source/162520.png" -seed 1 -attenuate 0.6 +noise Gaussian "${quality[@]}" rider-noisy.jpg
convert "$source/162520.png" -quality 8 -strip rider-compressed.jpg
# Four seconds of a slow zoom; the last two are out of focus.
ffmpeg -y -v error -loop 1 -i "$source/162520.png" -t 4 \
  -vf "zoompan=z='1+0.002*on':d=100:s=512x512:fps=25,gblur=sigma=4:enable='gte(t,2)'" \
  -c:v libx264 -crf 20 -pix_fmt yuv420p -movflags +faststart clip.mp4
