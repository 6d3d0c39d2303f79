# What is published is compiled for size where calculations spend no time, and without what nothing calls. Matrix products,
# attention and the kernels of graphs/ stay as fast as they are.

function(compile_with option of)
  set_source_files_properties(${ARGN} TARGET_DIRECTORY ${of} PROPERTIES COMPILE_OPTIONS ${option})
endfunction()

target_compile_options(llama PRIVATE -Os)
target_compile_options(ggml PRIVATE -Os)
foreach(name ggml.c gguf.cpp ggml-backend.cpp ggml-backend-meta.cpp ggml-opt.cpp ggml-alloc.c)
  compile_with(-Os ggml-base ${LLAMA_SOURCE}/ggml/src/${name})
endforeach()
set(cold ${MTMD_FILES} ${HASH_FILES})
list(FILTER cold EXCLUDE REGEX "mtmd-image")
compile_with(-Os mtmd_static ${cold})

# Their loops are limited by memory: unrolled, they are larger and not faster.
foreach(name unary-ops.cpp binary-ops.cpp quants.c repack.cpp)
  compile_with(-fno-unroll-loops ggml-base ${LLAMA_SOURCE}/ggml/src/ggml-cpu/${name})
endforeach()

if(NOT APPLE)
  add_library(demangler OBJECT EXCLUDE_FROM_ALL published/demangler.cc)
  foreach(target tonescore ggml-base ${LLAMA_MODULES})
    target_sources(${target} PRIVATE $<TARGET_OBJECTS:demangler>)
  endforeach()
endif()
