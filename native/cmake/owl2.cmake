# mPLUG-Owl2, which libmtmd does not know: a projector past its own, whose graph is graphs/owl2.cc.

mend(clip.cpp "#include \"models/models.h\"" "#include \"models/models.h\"
#include \"owl2.h\"")
mend(clip.cpp "model.proj_type = clip_projector_type_from_string(proj_type);" "model.proj_type = owl2::typeOf(proj_type);")
# Its own attention's heads are kept where those of another Q-Former are. A picture comes as a square (src/models/families), and
# what does not is filled up with the same colour.
mend(clip.cpp "                case PROJECTOR_TYPE_GLM_EDGE:
                    {
                        hparams.image_resize_pad  = PAD_CEIL;"
     "                case owl2::kProjector:
                    {
                        get_u32(\"clip.vision.abstractor.head_count\", hparams.audio_proj_head_count);
                        hparams.image_resize_pad  = PAD_CEIL;
                        hparams.image_pad_color   = {122, 116, 104};
                        hparams.image_resize_algo = RESIZE_ALGO_BICUBIC;
                    } break;
                case PROJECTOR_TYPE_GLM_EDGE:
                    {
                        hparams.image_resize_pad  = PAD_CEIL;")
mend(clip.cpp "            case PROJECTOR_TYPE_LDP:
                {
                    // MobileVLM projection"
     "            case owl2::kProjector:
                {
                    owl2::load(model, [&](const std::string & name) { return get_tensor(name, false); });
                } break;
            case PROJECTOR_TYPE_LDP:
                {
                    // MobileVLM projection")
mend(clip.cpp "        case PROJECTOR_TYPE_COGVLM:
            {
                builder = "
     "        case owl2::kProjector:
            {
                builder = std::make_unique<owl2::Graph>(ctx, img);
            } break;
        case PROJECTOR_TYPE_COGVLM:
            {
                builder = ")
mend(clip.cpp "                n_patches = 64; // adaptive average pooling to 8x8 tokens
            } break;"
     "                n_patches = 64; // adaptive average pooling to 8x8 tokens
            } break;
        case owl2::kProjector:
            {
                n_patches = owl2::tokens(ctx->model);
            } break;")
# No inputs besides the picture.
mend(clip.cpp "        case PROJECTOR_TYPE_COGVLM:
        case PROJECTOR_TYPE_YASA2:
        case PROJECTOR_TYPE_GEMMA4UA:"
     "        case owl2::kProjector:
        case PROJECTOR_TYPE_COGVLM:
        case PROJECTOR_TYPE_YASA2:
        case PROJECTOR_TYPE_GEMMA4UA:")
mend(clip.cpp "        case PROJECTOR_TYPE_LDP:
            return ctx->model.mm_model_block_1_block_2_1_b->ne[0];"
     "        case owl2::kProjector:
            return ctx->model.mm_eoi->ne[0];
        case PROJECTOR_TYPE_LDP:
            return ctx->model.mm_model_block_1_block_2_1_b->ne[0];")

mend(mtmd.cpp "#include \"clip-impl.h\"" "#include \"clip-impl.h\"
#include \"owl2.h\"")
mend(mtmd.cpp "            case PROJECTOR_TYPE_JANUS_PRO:
            case PROJECTOR_TYPE_GLM_EDGE:"
     "            case owl2::kProjector:
            case PROJECTOR_TYPE_JANUS_PRO:
            case PROJECTOR_TYPE_GLM_EDGE:")
