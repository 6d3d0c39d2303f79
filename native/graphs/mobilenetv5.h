#pragma once

#include <memory>

#include "ggml-cpp.h"

struct clip_ctx;
struct clip_graph;
struct clip_image_f32;
struct clip_model;

// What stands in for libmtmd's MobileNetV5 on the CPU (cmake/mends.cmake).
namespace mobilenetv5 {

// Lays the weights of a MobileNetV5 out as graph() takes them; other models are left as they are. `context`
// and `buffer` hold them, before and after. Throws where there is no memory.
void layOut(clip_model& model, ggml_context_ptr& context, ggml_backend_buffer_ptr& buffer);

std::unique_ptr<clip_graph> graph(clip_ctx* context, const clip_image_f32& picture);

}  // namespace mobilenetv5
