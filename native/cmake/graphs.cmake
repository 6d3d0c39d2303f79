# Graphs of ours that stand in for libmtmd's (mends.cmake), and their kernels, compiled for each level of processor: the addon
# itself runs on any, and the level is chosen when it runs. MSVC has no vector types, so libmtmd's graphs stay there; only
# that of mPLUG-Owl2, which is made of ggml's own operations, is everywhere.
set(GRAPH_FOLDER ${CMAKE_SOURCE_DIR}/graphs)
set(GRAPH_FILES ${GRAPH_FOLDER}/owl2.cc)
if(MSVC)
  return()
endif()

foreach(name attention mobilenetv5 mobilenetv5_weights operations functions yasa2)
  list(APPEND GRAPH_FILES ${GRAPH_FOLDER}/${name}.cc)
endforeach()

function(add_kernels level)
  add_library(kernels_${level} OBJECT EXCLUDE_FROM_ALL ${GRAPH_FOLDER}/kernels.cc)
  target_compile_definitions(kernels_${level} PRIVATE KERNELS_NAME=${level})
  target_compile_options(kernels_${level} PRIVATE ${ARGN})
  set_target_properties(kernels_${level} PROPERTIES CXX_VISIBILITY_PRESET hidden)
  set(GRAPH_FILES ${GRAPH_FILES} $<TARGET_OBJECTS:kernels_${level}> PARENT_SCOPE)
endfunction()

add_kernels(baseline)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64" AND NOT APPLE)
  add_kernels(avx2 -mavx2 -mfma -mf16c)
  add_kernels(avx512 -mavx512f -mfma)
  set_source_files_properties(${GRAPH_FOLDER}/functions.cc PROPERTIES COMPILE_DEFINITIONS KERNELS_X86)
endif()
