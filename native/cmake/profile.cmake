# Targets encoder_profile and encoder_profile_libmtmd, for bench/encoderProfile.ts: the second has libmtmd's own files, and with
# them its graphs. No package has bench/.
set(PROFILE_SOURCE ${CMAKE_SOURCE_DIR}/../bench/encoderProfile.cc)
if(MSVC OR NOT EXISTS ${PROFILE_SOURCE})
  return()
endif()

function(add_profile name)
  add_executable(${name} EXCLUDE_FROM_ALL ${PROFILE_SOURCE} thread_pool.cc graph_checks.cc shared_weights.cc ${ARGN})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR} ${MTMD_SOURCE}/models ${LLAMA_SOURCE}/vendor ${HASH_SOURCE})
  target_link_libraries(${name} PRIVATE mtmd_static llama ggml)
  # Not beside the addon, whose folder holds what a build is known by.
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR} INSTALL_RPATH "$ORIGIN/../Release"
                                           LINK_FLAGS -Wl,-rpath-link,${CMAKE_LIBRARY_OUTPUT_DIRECTORY})
endfunction()

add_profile(encoder_profile)
add_profile(encoder_profile_libmtmd ${MTMD_SOURCE}/clip.cpp ${MTMD_SOURCE}/models/yasa2.cpp)
