# LLAMA_LIBRARIES, the targets llama and ggml: prebuilt libraries where LLAMA_PREBUILT names a folder, else compiled here.

set(LLAMA_LIBRARIES llama ggml)
set(LLAMA_OBJECTS "")

file(STRINGS ${LLAMA_SOURCE}/CMakeLists.txt version_lines REGEX "^set\\(LLAMA_VERSION_(MAJOR|MINOR|PATCH) [0-9]+\\)")
string(REGEX REPLACE "[^0-9.;]" "" version_numbers "${version_lines}")
string(REPLACE ";" "." source_release "${version_numbers}")
if(NOT "v${source_release}" STREQUAL "${LLAMA_RELEASE}")
  message(FATAL_ERROR "llama.cpp's headers in ${LLAMA_SOURCE} are v${source_release}, but ${LLAMA_RELEASE} is "
                      "pinned. Delete the folder build/ and build again.")
endif()

if(NOT LLAMA_PREBUILT)
  # For the processor (and the GPU asked for) of the machine that builds.
  set(BUILD_SHARED_LIBS ON)
  foreach(part COMMON TESTS TOOLS EXAMPLES SERVER APP)
    set(LLAMA_BUILD_${part} OFF CACHE BOOL "" FORCE)
  endforeach()
  set(CMAKE_PLATFORM_NO_VERSIONED_SONAME ON)
  add_subdirectory(${LLAMA_SOURCE} llama.cpp EXCLUDE_FROM_ALL)
  include(cmake/products.cmake)
  # llama.cpp has an output folder of its own; its libraries belong beside the addon.
  foreach(target llama ggml ggml-base ggml-cpu ggml-cuda ggml-metal ggml-vulkan)
    if(TARGET ${target})
      set_target_properties(${target} PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${CMAKE_LIBRARY_OUTPUT_DIRECTORY}
                                                 RUNTIME_OUTPUT_DIRECTORY ${CMAKE_RUNTIME_OUTPUT_DIRECTORY})
    endif()
  endforeach()
  return()
endif()

file(READ ${LLAMA_PREBUILT}/_nlcBuildMetadata.json metadata)
string(JSON prebuilt_release GET "${metadata}" buildOptions llamaCpp release)
if(NOT "${prebuilt_release}" STREQUAL "${LLAMA_RELEASE}")
  message(FATAL_ERROR "The prebuilt libraries in ${LLAMA_PREBUILT} are llama.cpp ${prebuilt_release}, but its headers "
                      "are ${LLAMA_RELEASE}. Install the version of @node-llama-cpp that package.json names, or build "
                      "with --from-source.")
endif()

function(add_prebuilt name)
  file(GLOB library ${LLAMA_PREBUILT}/lib${name}.so ${LLAMA_PREBUILT}/lib${name}.${LLAMA_RELEASE}.so
       ${LLAMA_PREBUILT}/lib${name}.dylib ${LLAMA_PREBUILT}/lib${name}.${LLAMA_RELEASE}.dylib)
  list(LENGTH library found)
  if(NOT found EQUAL 1)
    message(FATAL_ERROR "No lib${name} of llama.cpp ${LLAMA_RELEASE} in ${LLAMA_PREBUILT}. Build with --from-source.")
  endif()
  add_library(${name} SHARED IMPORTED GLOBAL)
  set_target_properties(${name} PROPERTIES IMPORTED_LOCATION ${library})
  target_include_directories(${name} INTERFACE ${LLAMA_SOURCE}/include ${LLAMA_SOURCE}/ggml/include)
  target_compile_definitions(${name} INTERFACE LLAMA_SHARED GGML_SHARED GGML_BACKEND_SHARED GGML_BACKEND_DL)
endfunction()

add_prebuilt(ggml-base)
add_prebuilt(ggml)
add_prebuilt(llama)
target_link_libraries(ggml INTERFACE ggml-base)
target_link_libraries(llama INTERFACE ggml)
