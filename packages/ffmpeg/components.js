// What is compiled of ffmpeg, and nothing else: closed lists, by the names of its configure script. Whatever stands
// here reads what strangers wrote. Sound is never decoded; its parsers only let ffmpeg end its probing soon.

/** @param {string} names */
const list = (names) => names.trim().split(/\s+/);

export const components = {
  // As src/media names them, less those of old games and recorders. A test holds the lists against each other.
  demuxer: list(`
    mov matroska avi mpegts mpegps mpegvideo flv live_flv asf asf_o ogg nut ivf obu av1 mxf gxf dv wtv rm swf
    yuv4mpegpipe h264 hevc vvc m4v h263 h261 vc1 vc1t cavsvideo dnxhd mjpeg mjpeg_2000 mpjpeg gif apng
    image_bmp_pipe`),
  decoder: [
    // What phones, cameras, the web and broadcasters write today.
    ...list("h264 hevc vvc libdav1d vp8 vp9 mpeg4 mpeg2video mpeg1video mjpeg gif apng png bmp rawvideo"),
    // What they wrote once.
    ...list("h261 h263 h263i h263p flv vp3 theora vp5 vp6 vp6a vp6f vp7 rv10 rv20 rv30 rv40 cavs"),
    ...list("msmpeg4v1 msmpeg4v2 msmpeg4v3 wmv1 wmv2 wmv3 wmv3image vc1 vc1image svq1 svq3 mjpegb"),
    ...list("cinepak indeo3 indeo4 indeo5 msvideo1 msrle qtrle rpza smc eightbps"),
    // Cameras that keep all, and editing.
    ...list("prores dnxhd cfhd dvvideo jpeg2000 jpegls hap dxv aic"),
    ...list("ffv1 huffyuv ffvhuff utvideo lagarith magicyuv"),
    ...list("v210 v210x v308 v408 v410 r210 r10k y41p yuv4"),
    // Recorded screens.
    ...list("flashsv flashsv2 tscc tscc2 cscd zmbv fraps mss1 mss2 g2m"),
  ],
  parser: list(`
    h264 hevc vvc av1 vp3 vp8 vp9 mpegvideo mpeg4video h261 h263 vc1 rv34 cavsvideo dnxhd mjpeg jpeg2000 png
    bmp gif aac aac_latm ac3 dca flac mpegaudio opus vorbis`),
  bsf: list("extract_extradata null"),
  filter: list("bwdif crop format lutrgb null overlay scale select setparams split tonemap trim zscale"),
  encoder: list("ffv1 pam ppm rawvideo"),
  muxer: list("framecrc image2pipe matroska mov"),
  protocol: list("fd file pipe"),
};
