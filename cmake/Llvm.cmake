# LLVM 19 to 22: interface library `mtrace_llvm`.
#
# Only the BPF target is linked, statically where the static libraries are installed. The
# system libraries that llvm-config names (z3, xml2, curses...) are for parts of LLVM that
# are not linked: only zlib and zstd are really needed (by Support).
set(MTRACE_LLVM_CONFIG "" CACHE FILEPATH "llvm-config to use (19 or newer)")
option(MTRACE_LLVM_STATIC "Link LLVM statically where its static libraries exist" ON)

set(llvm_config ${MTRACE_LLVM_CONFIG})
if(NOT llvm_config)
	find_program(MTRACE_LLVM_CONFIG_FOUND NAMES llvm-config-19 llvm-config-20 llvm-config-21
		llvm-config-22 llvm-config
		HINTS /usr/lib/llvm-19/bin /usr/lib/llvm-20/bin /usr/lib/llvm-21/bin /usr/lib/llvm-22/bin)
	mark_as_advanced(MTRACE_LLVM_CONFIG_FOUND)
	set(llvm_config ${MTRACE_LLVM_CONFIG_FOUND})
endif()
if(NOT llvm_config)
	message(FATAL_ERROR "llvm-config of LLVM 19 or newer not found (Debian: llvm-19-dev)")
endif()

# ask_llvm(VAR args...): VAR = what llvm-config prints, as a list; FAIL_OK: empty on failure.
function(ask_llvm var)
	execute_process(COMMAND ${llvm_config} ${ARGN} OUTPUT_VARIABLE out
		ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed)
	if(failed)
		set(out "")
	endif()
	separate_arguments(out UNIX_COMMAND "${out}")
	set(${var} ${out} PARENT_SCOPE)
endfunction()

ask_llvm(llvm_version --version)
if(llvm_version VERSION_LESS 19)
	message(FATAL_ERROR "${llvm_config}: LLVM ${llvm_version} is too old, 19 or newer is needed")
endif()
ask_llvm(llvm_include --includedir)
ask_llvm(llvm_libdir --libdir)

set(llvm_components bpfcodegen bpfdesc bpfinfo asmprinter codegen passes analysis bitwriter
	core target mc debuginfodwarf debuginfobtf object support)
set(llvm_libs)
if(MTRACE_LLVM_STATIC AND EXISTS ${llvm_libdir}/libLLVMBPFCodeGen.a)
	ask_llvm(llvm_libs --link-static --libs ${llvm_components})
	# Full names: no library directory, and so no run path, ends up in the program.
	list(TRANSFORM llvm_libs REPLACE "^-l(.*)$" "${llvm_libdir}/lib\\1.a")
endif()

add_library(mtrace_llvm INTERFACE)
target_include_directories(mtrace_llvm SYSTEM INTERFACE ${llvm_include})
target_compile_definitions(mtrace_llvm INTERFACE
	__STDC_CONSTANT_MACROS __STDC_FORMAT_MACROS __STDC_LIMIT_MACROS)
if(llvm_libs)
	find_archive(archive_zstd zstd)
	find_archive(archive_z z)
	foreach(name zstd z)
		if(archive_${name})
			list(APPEND llvm_libs ${archive_${name}})
		else()
			list(APPEND llvm_libs -l${name})
		endif()
	endforeach()
	target_link_libraries(mtrace_llvm INTERFACE ${llvm_libs} rt dl m)
	target_link_options(mtrace_llvm INTERFACE -static-libstdc++ -static-libgcc)
	message(STATUS "LLVM ${llvm_version}: static, BPF only")
else()
	ask_llvm(llvm_libs --link-shared --libs)
	target_link_directories(mtrace_llvm INTERFACE ${llvm_libdir})
	target_link_libraries(mtrace_llvm INTERFACE ${llvm_libs})
	message(STATUS "LLVM ${llvm_version}: shared (static libraries not found or not wanted)")
endif()
