# libbpf, libelf, libdw: interface library `mtrace_libs`.
#
# With MTRACE_STATIC_LIBS (the default) their static archives are preferred, so that the
# program starts without loading a dozen shared objects; a missing archive falls back to
# the shared library.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
option(MTRACE_STATIC_LIBS "Prefer static libbpf, libelf, libdw and what they need" ON)

pkg_check_modules(LIBBPF REQUIRED libbpf>=1.1)
pkg_check_modules(LIBELF REQUIRED libelf>=0.180)
pkg_check_modules(LIBDW REQUIRED libdw>=0.180)
pkg_check_modules(LIBLZMA liblzma) # for .gnu_debugdata; without it such symbols are not found

# find_archive(VAR name): VAR = the path of lib<name>.a, else empty.
function(find_archive var name)
	if(MTRACE_STATIC_LIBS)
		find_library(MTRACE_ARCHIVE_${name} lib${name}.a
			HINTS ${LIBBPF_LIBRARY_DIRS} ${LIBDW_LIBRARY_DIRS})
		mark_as_advanced(MTRACE_ARCHIVE_${name})
	endif()
	if(MTRACE_ARCHIVE_${name})
		set(${var} ${MTRACE_ARCHIVE_${name}} PARENT_SCOPE)
	else()
		set(${var} "" PARENT_SCOPE)
	endif()
endfunction()

add_library(mtrace_libs INTERFACE)
target_include_directories(mtrace_libs SYSTEM INTERFACE
	${LIBBPF_INCLUDE_DIRS} ${LIBELF_INCLUDE_DIRS} ${LIBDW_INCLUDE_DIRS})

foreach(name bpf dw elf z lzma bz2 zstd)
	find_archive(archive_${name} ${name})
endforeach()
if(archive_bpf)
	set(bpf_libs ${archive_bpf})
else()
	set(bpf_libs ${LIBBPF_LINK_LIBRARIES})
endif()
# libdw.a needs all of the compression libraries that it was built with; Debian's knows zstd
# from elfutils 0.189 on.
if(archive_zstd OR LIBDW_VERSION VERSION_LESS 0.189)
	set(has_zstd TRUE)
endif()
if(archive_dw AND archive_elf AND archive_z AND archive_lzma AND archive_bz2 AND has_zstd)
	# zlib's crc32 must be found first: it serves for the one that libelf.a has as well, and only
	# one of that name can be linked. One item, or CMake would put them in an order of its own.
	set(archives ${archive_z} ${archive_dw} ${archive_elf} ${archive_lzma} ${archive_bz2}
		${archive_zstd})
	list(JOIN archives "," archives)
	set(dwarf_libs "-Wl,--start-group,${archives},--end-group")
else()
	set(dwarf_libs ${LIBDW_LINK_LIBRARIES} ${LIBELF_LINK_LIBRARIES} -lz)
endif()
if(LIBLZMA_FOUND)
	target_compile_definitions(mtrace_libs INTERFACE MTRACE_HAVE_LZMA)
	if(NOT archive_lzma)
		list(APPEND dwarf_libs ${LIBLZMA_LINK_LIBRARIES})
	endif()
endif()
target_link_libraries(mtrace_libs INTERFACE ${bpf_libs} ${dwarf_libs} Threads::Threads dl m)
