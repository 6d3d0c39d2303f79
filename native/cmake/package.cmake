# Everything from source, with ggml's modules for the processor, of which the one that fits is loaded where it runs.
#
# A process may hold several releases of llama.cpp, such as node-llama-cpp's beside this one, and the system's loader
# knows a library by its soname alone: the second would be given the first one's. So llama.cpp is linked into the
# addon, and ggml's base, which its modules need too, has a name that is ours, and another one in each release of ours.

add_compile_options(-ffunction-sections -fdata-sections -fvisibility=hidden)
if(APPLE)
  add_link_options(-Wl,-dead_strip -Wl,-x)
else()
  add_link_options(-s -w -Wl,--gc-sections)
endif()

set(BUILD_SHARED_LIBS ON)
set(CMAKE_PLATFORM_NO_VERSIONED_SONAME ON)
set(GGML_BACKEND_DL ON CACHE BOOL "" FORCE)
foreach(option GGML_OPENMP GGML_BLAS LLAMA_BUILD_COMMON LLAMA_BUILD_TESTS LLAMA_BUILD_TOOLS LLAMA_BUILD_EXAMPLES
               LLAMA_BUILD_SERVER LLAMA_BUILD_APP)
  set(${option} OFF CACHE BOOL "" FORCE)
endforeach()
add_subdirectory(${LLAMA_SOURCE} llama.cpp EXCLUDE_FROM_ALL)
include(cmake/products.cmake)

set_target_properties(ggml-base PROPERTIES OUTPUT_NAME tonescore-${PACKAGE_VERSION}-ggml-base
                                           LIBRARY_OUTPUT_DIRECTORY ${OUTPUT_FOLDER})
get_property(LLAMA_MODULES DIRECTORY ${LLAMA_SOURCE}/ggml/src PROPERTY BUILDSYSTEM_TARGETS)
list(FILTER LLAMA_MODULES INCLUDE REGEX "^ggml-(cpu.*|metal)$")
list(FILTER LLAMA_MODULES EXCLUDE REGEX "-feats$")
set_target_properties(${LLAMA_MODULES} PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${OUTPUT_FOLDER})
if(MINGW)
  # As ggml looks for them.
  set_target_properties(ggml-base ${LLAMA_MODULES} PROPERTIES PREFIX "" RUNTIME_OUTPUT_DIRECTORY ${OUTPUT_FOLDER})
  # ggml marks its functions for other systems' libraries; on Windows a library without a mark gives away all it has.
  foreach(target ggml-base ggml)
    target_compile_options(${target} PRIVATE "-Dvisibility(x)=dllexport")
  endforeach()
endif()

add_library(llama-inside INTERFACE)
target_include_directories(llama-inside INTERFACE ${LLAMA_SOURCE}/include ${LLAMA_SOURCE}/ggml/include)
target_link_libraries(llama-inside INTERFACE ggml-base ${CMAKE_DL_LIBS})
set(LLAMA_LIBRARIES llama-inside)
set(LLAMA_OBJECTS $<TARGET_OBJECTS:llama> $<TARGET_OBJECTS:ggml>)
