#pragma once

#include <string>

// Lets go of the pages of a file that this process has mapped and only reads: the system takes them where it
// has use for them, and what is needed again is read again. Linux only; nothing elsewhere.
void letGoOfMapped(const std::string& path);
