# NODE_API_FILE: where Windows finds Node's functions. A library there names the program that it takes each function from, and
# that is node.exe in Node alone, electron.exe or another one elsewhere. So each is looked up in whatever program runs when
# the addon is loaded, and jumped to.
set(NODE_API_FILE ${CMAKE_BINARY_DIR}/node_api.c)
file(STRINGS ${NODE_API_DEFINITIONS} names REGEX "^(napi|node_api)_")
if(CMAKE_SYSTEM_PROCESSOR STREQUAL "ARM64")
  set(jump "adrp x16, tonescore_\" #name \"\\nldr x16, [x16, :lo12:tonescore_\" #name \"]\\nbr x16\\n")
else()
  set(jump "jmp *tonescore_\" #name \"(%rip)\\n")
endif()

set(text "#include <windows.h>\n
#define FUNCTION(name) \\
  void* tonescore_##name; \\
  __asm__(\".globl \" #name \"\\n\" #name \":\\n${jump}\");\n")
set(lookups "")
foreach(name ${names})
  string(APPEND text "FUNCTION(${name})\n")
  string(APPEND lookups "  tonescore_${name} = (void*)GetProcAddress(program, \"${name}\");\n")
endforeach()
string(APPEND text "\n__attribute__((constructor)) static void find(void) {\n"
                   "  HMODULE program = GetModuleHandleW(NULL);\n${lookups}}\n")
file(GENERATE OUTPUT ${NODE_API_FILE} CONTENT "${text}")
