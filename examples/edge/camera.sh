#!/bin/sh
# Scores a camera for as long as it sends, a score every ten seconds: camera.sh INPUT, which is how ffmpeg opens it, as in
#   camera.sh -rtsp_transport tcp -i rtsp://camera.example/stream
#   camera.sh -f v4l2 -input_format mjpeg -i /dev/video0
# Only this ffmpeg, the system's, talks to the camera. It decodes nothing: tonescore does that, with its own.
set -eu
ffmpeg -nostdin -loglevel error "$@" -map 0:v:0 -codec copy -flush_packets 1 -f matroska - |
  tonescore - --running 10 --format ndjson --quiet
