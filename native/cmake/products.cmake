# ggml's CPU modules, with matrix products of ours beside its own: products/sgemm.cc stands in for the file it includes.

get_property(targets DIRECTORY ${LLAMA_SOURCE}/ggml/src PROPERTY BUILDSYSTEM_TARGETS)
list(FILTER targets INCLUDE REGEX "^ggml-cpu")
set(PRODUCTS ${CMAKE_CURRENT_LIST_DIR}/../products)
foreach(target ${targets})
  get_target_property(sources ${target} SOURCES)
  if("ggml-cpu/llamafile/sgemm.cpp" IN_LIST sources)
    list(REMOVE_ITEM sources ggml-cpu/llamafile/sgemm.cpp)
    set_property(TARGET ${target} PROPERTY SOURCES ${sources} ${PRODUCTS}/sgemm.cc ${PRODUCTS}/q8_0.cc)
    target_include_directories(${target} PRIVATE ${LLAMA_SOURCE}/ggml/src/ggml-cpu/llamafile)
  endif()
endforeach()
