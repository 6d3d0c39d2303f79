# Target mtmd_static: libmtmd, compiled into the addon. Video input (a child process of its own) is left out.

find_package(Threads REQUIRED)
set(MTMD_SOURCE ${LLAMA_SOURCE}/tools/mtmd)
file(GLOB MTMD_FILES ${MTMD_SOURCE}/models/*.cpp)
foreach(name clip mtmd mtmd-audio mtmd-helper mtmd-image)
  list(APPEND MTMD_FILES ${MTMD_SOURCE}/${name}.cpp)
endforeach()
set(HASH_SOURCE ${LLAMA_SOURCE}/vendor/hash)
file(GLOB HASH_FILES ${HASH_SOURCE}/*.cpp ${HASH_SOURCE}/*/*.c)
# llama.cpp keeps SHA-1 in a C++ namespace.
set_source_files_properties(${HASH_SOURCE}/sha1/sha1.c PROPERTIES LANGUAGE CXX)

set(MEND_FOLDER ${CMAKE_BINARY_DIR}/mtmd)
include(cmake/mends.cmake)
foreach(file ${MENDED_FILES})
  list(REMOVE_ITEM MTMD_FILES ${MTMD_SOURCE}/${file})
  list(APPEND MTMD_FILES ${MEND_FOLDER}/${file})
endforeach()

include(cmake/graphs.cmake)

add_library(mtmd_static STATIC EXCLUDE_FROM_ALL ${MTMD_FILES} ${HASH_FILES} ${GRAPH_FILES})
target_include_directories(mtmd_static PUBLIC ${MTMD_SOURCE}
                                       PRIVATE ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/graphs ${MTMD_SOURCE}/models
                                               ${LLAMA_SOURCE}/vendor ${HASH_SOURCE})
set_target_properties(mtmd_static PROPERTIES CXX_VISIBILITY_PRESET hidden)
target_link_libraries(mtmd_static PUBLIC ${LLAMA_LIBRARIES} Threads::Threads)
if(NOT MSVC)
  target_compile_options(mtmd_static PRIVATE -w "SHELL:$<$<COMPILE_LANGUAGE:CXX>:-include ${CMAKE_SOURCE_DIR}/graph_checks.h>")
  # thread_pool.cc: the encoder's CPU backend, which libmtmd makes itself, is to compute on the session's threads.
  set_source_files_properties(${MEND_FOLDER}/clip.cpp PROPERTIES
                              COMPILE_DEFINITIONS ggml_backend_init_by_type=tonescoreInitBackend)
endif()
