// typed-cpp [STAY]: names and arguments of C++. Built with debug information. With an argument it
// stays for a second.
#include <unistd.h>

namespace shop {

class Item
{
public:
	explicit Item(int n) : count(n) {}
	virtual ~Item() {}
	int add(int n);
	static int zero(int n);
	int count;
};

class Book : public Item
{
public:
	explicit Book(int n) : Item(n), pages(n * 100) {}
	int pages;
};

int Item::add(int n)
{
	return count += n;
}

int Item::zero(int n)
{
	return n - n;
}

int total(int a)
{
	return a;
}

int total(const Item &item, long n)
{
	return item.count + static_cast<int>(n);
}

int read(Book *book, bool aloud)
{
	return book->pages + aloud;
}

} // namespace shop

int main(int argc, char **)
{
	shop::Item item(3);
	shop::Book book(2);

	item.add(4);
	shop::Item::zero(5);
	shop::total(6);
	shop::total(item, 8);
	shop::read(&book, true);
	if (argc > 1)
		sleep(1);
	return 0;
}
