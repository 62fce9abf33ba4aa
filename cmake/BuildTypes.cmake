# Build types and the flags that every target of the house gets (interface library `house`).
if(NOT CMAKE_BUILD_TYPE)
	set(CMAKE_BUILD_TYPE Release CACHE STRING "Release or Dev" FORCE)
endif()
set_property(CACHE CMAKE_BUILD_TYPE PROPERTY STRINGS Release Dev)

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS ON) # gnu11
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

set(CMAKE_C_FLAGS_RELEASE "-O2 -DNDEBUG")
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
# A release keeps its assertions out; a Dev build stops at the first report of a sanitizer.
set(sanitize "-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer")
set(CMAKE_C_FLAGS_DEV "-O1 -g ${sanitize} -Werror" CACHE STRING "" FORCE)
set(CMAKE_CXX_FLAGS_DEV "-O1 -g ${sanitize}" CACHE STRING "" FORCE)
set(CMAKE_EXE_LINKER_FLAGS_DEV "${sanitize}" CACHE STRING "" FORCE)

add_library(house INTERFACE)
target_compile_options(house INTERFACE $<$<COMPILE_LANGUAGE:C>:-Wall -Wextra -Wshadow
	-Wmissing-prototypes -Wno-unused-parameter -Werror=implicit-function-declaration>)
target_link_options(house INTERFACE -Wl,--gc-sections -Wl,--as-needed)

# Thirty tests, most with all of LLVM's BPF part inside: lld links them in a third of the time.
find_program(MTRACE_LLD ld.lld)
if(MTRACE_LLD AND CMAKE_BUILD_TYPE STREQUAL "Dev")
	target_link_options(house INTERFACE -fuse-ld=lld)
endif()

# Without -fPIE the loader has no relocations to do in the (large) LLVM part: it saves
# milliseconds and megabytes of dirty pages in every start. Sanitizers want PIE.
option(MTRACE_PIE "Build a position-independent executable" OFF)
if(MTRACE_PIE OR CMAKE_BUILD_TYPE STREQUAL "Dev")
	set(CMAKE_POSITION_INDEPENDENT_CODE ON)
else()
	target_compile_options(house INTERFACE -fno-pie)
	target_link_options(house INTERFACE -no-pie)
endif()
